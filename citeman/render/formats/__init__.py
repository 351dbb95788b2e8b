"""The forms in which other programs take a work: BibTeX, CSL-JSON, RIS, Markdown, COinS, Highwire tags, schema.org."""
