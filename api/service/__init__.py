"""What runs the service: settings, log, metrics, health, limits. What it offers is in ``api.routes``."""
