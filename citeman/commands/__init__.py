"""What the verbs do: explicit arguments in, a result value out; nothing is printed here."""
