"""Pictures on the workers of a dask.distributed cluster: what goes there, what they do, how much is under way."""
