"""The language server: keys and labels completed, papers shown and found, findings as they arise, in any editor."""
