"""Actions on instances and files, which know no store: planning, absences, what-if questions.

Commands and jobs call them; what needs the store of a running service is in ``api.office``.
They import late, when called, the solver and the writers of files, which take a second or more
to load: a command that refuses its options has not waited for them.
"""
