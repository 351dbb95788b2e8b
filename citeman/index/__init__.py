"""`.citeman/index.db`: the project as tables and full text. Disposable, never trusted over the files."""
