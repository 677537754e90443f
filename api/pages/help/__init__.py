"""The clerk's handbook: ten tasks, one a page, with pictures made by ``tests.api.pages.handbook_pictures``."""
