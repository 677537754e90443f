"""Durable jobs: queued, watched, cancelled, and finished after a crash. What there is to do: ``kinds``.

The web server holds a ``service.JobService``, which only writes and reads the queue. Worker
processes (``worker``, started by ``crew``) take jobs from it and do each (``work``) in a child
process of its own (``child``), which can be interrupted, stopped or killed without harm to others.
"""
