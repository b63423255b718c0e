"""The REST API under /api/v1/: everything that residents and officers do on our pages, for other people's programs.

One module for each resource. `callers` says who asks, `problems` how failures are said, `answers` how answers are
written, `openapi` describes it all. docs/api.md is for those who use it.
"""
