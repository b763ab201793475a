"""What everybody may see: the approved, redacted record and its proofs."""
