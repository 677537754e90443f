"""What all pages share: template, style, words, doors, errors."""
