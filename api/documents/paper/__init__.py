"""Paper: PDFs to pin up, and what somebody changed on sheets that are only printed."""
