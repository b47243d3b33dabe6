"""What callers rely on, tried through the code of the trainers themselves: `codevision conformance verl|trl` drives it."""
