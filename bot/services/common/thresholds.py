"""From how many ratings and stars on something is said, in one place for all services."""

RATINGS_FOR_OWN_LIST = 5  # from which on recommendations are about the user
RATINGS_FOR_SURE_TASTE = 20  # from which on a taste is known fairly well
RATINGS_FOR_CLUB = 5  # that a member needs to be counted in a club
RATINGS_FOR_MOVIENIGHT = 3  # from which on a member of the channel comes to a movie night

DISLIKED_STARS = 3.0  # below which a user would object to a film
DISAGREEMENT_STARS = 1.5  # between two members from which on a film divides them
