"""The resources of the service under ``/api/v1``, one file each."""
