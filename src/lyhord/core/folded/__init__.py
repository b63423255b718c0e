"""Django's templates, with what is the same on every page worked out once.

Most of a page is constant: texts that are translated, icons, addresses without parts that vary, the frame that a page
extends. Django works all of it out anew for each visit, which costs more than the database does. Here each template
is compiled once for each language, and whatever does not depend on the visit becomes plain text then (`fold.py`);
what does depend on it is looked up the short way (`expressions.py`). Pages come out the same, letter by letter: a
test renders every template both ways.

With DEBUG, templates are Django's own, so that errors name their line and changes show at once.
"""
