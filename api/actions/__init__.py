"""Actions on instances and files, which know no store: planning, absences, what-if questions.

Commands and jobs call them; what needs the store of a running service is in ``api.office``.
"""
