"""Work keeps what takes longer than a page: jobs with persisted progress, run by the worker."""
