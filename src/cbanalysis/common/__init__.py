"""What everybody needs: errors, limits, text, folders and studies, atomic writes, messages."""
