"""What a worker can be asked to do; each module has one `run(job, files)`."""
