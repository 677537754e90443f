"""A firm's pages: slots for which it names people, its people's duties and requests, its share."""
