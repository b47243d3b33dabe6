"""Which image operations a piece of code seems to perform, told from its text alone, as the paper's released reward tells it. Nothing is run."""
