"""Small changes of a plan: repair, ranked candidates, neighbourhoods, differences."""
