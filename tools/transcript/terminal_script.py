"""What is typed in the terminal, line by line."""

from tools.transcript.terminal_films import FINDING, TASTE
from tools.transcript.topics import TOPICS

_ALICE = """
!help
!
!hepl
!recomend
!xyz
hello
rate
!rate
!rate Alien 5
!rate 4.5 the matrix
!rate Amelie (2001) 4
!r Up 4,5
!rate Alien 6
!rate Alien 0
!rate Alien five
!rate Alien 4.3
!rate Alien
4
!rate 5
!rate Qwertzuiop Asdfgh 3
!rate Toy Story 3
1
!rate 9 3
1
!rate King Kong 3
2
!rate teh matrix 4.5
!rate
Aliens 4.5
Toy Story (1995) 2
The Notebook 2
!unrate
!unrate Up
!unrate Up
!unrate Qwertzuiop
!undo
!undo
!undo now
!rate Jumanji (1995) 2
!rate Coco 3.5
!rate Inception 5
!rate WALL·E 4.5
!ratings
!mine
!ratings by stars
!ratings by title
!ratings by date
!ratings page 2
!ratings 1
!ratings page 0
!ratings page x
!ratings by colour
!ratings bob
!skip
!skip The Notebook
!skip Titanic (1997)
!skip Qwertzuiop
!undo
!skip Titanic (1997)
"""
_BOB = """
!recommend 3
!predict Alien
!why Alien
!ratings
!taste
!fit
!twin
!undo
!unrate Alien
!export
!map
!quiz
4
Not seen
5
1
!quiz
!quiz nonsense
stop
!rate Alien 3.5
!rate Aliens 3
!rate The Matrix 4.5
!rate Inception 5
!rate Jumanji (1995) 2
!rate Up 5
!rate WALL·E 4.5
!ratings
"""
_GROUP_ALICE = """
!compare
!compare @bob
!compare bob
!compare nobody
!compare alice
!ratings bob
!seen
!seen Alien
!seen Casablanca
!seen Qwertzuiop
!map @bob
!map @bob @carol
!map alice and bob
!club
!vote
!movienight
!movienight @bob
!movienight @bob comedy since 2000
!movienight bob average
!movienight @bob misery drama
!movienight @bob round:2
!movienight @nobody
!movienight @bob western 1900
!movienight just @bob
!movienight @bob
6
"""
_VOTING = """
bob> 1
bob> 3
alice> 3
carol> 3
alice> !vote
bob> !vote
carol> !vote
bob> !vote Interstellar
bob> !vote Interstellar
bob> !vote Alien
bob> !vote nonsense
bob> !vote close
alice> !vote close
alice> !vote close
alice> !vote Forrest Gump
alice> !vote close 1
alice> !vote
alice> !vote close 99
alice> !vote start 60 1214,1
alice> !vote 2 id:1214
alice> Close the vote
alice> Put it on the watchlist
alice> !vote start 0 1214,1
alice> !vote start 60 999999999
alice> !vote nonsense
"""
_WATCHLIST = """
!watchlist
!watchlist remove Alien
!watchlist remove id:1214
!watchlist
!watchlist random
!watchlist tonight
!watchlist add
!watchlist add Blade Runner
!watchlist
!watchlist random
!watchlist add Blade Runner
!watchlist add King Kong
1
!watchlist add Qwertzuiop
!watchlist add Airplane!
!watchlist tonight
!watchlist tonight comedy 1980s
!watchlist tonight horror 1920s
!watchlist tonight purple
!watchlist remove Heat
!watchlist watched Blade Runner
4
!watchlist watched Heat
!watchlist Alien
!watchlist
"""
_DATA = """
!import
!import nowhere.csv
!import letter.txt
!import broken.zip
!import letterboxd.csv
2
!import letterboxd.csv
1
!ratings
!import letterboxd.csv
!import undo
!import undo
!import letterboxd.csv
Import 4 ratings
!import confirm
!import something
!export
!export now
!privacy
!private on
!privacy
!private
!private off
!private maybe
!private on
"""
_AFTER = """
alice> !compare carol
alice> !ratings carol
alice> !seen The Matrix
alice> !club
alice> !movienight @carol
carol> !forget
carol> 2
carol> !forget
carol> 1
carol> !privacy
carol> !ratings
carol> !undo
alice> !compare carol
"""
_MODEL = """
!bias
!bias 3
!bias 0
!bias 51
!bias many
!dimension
!dimension 1
!dimension 7
!dim 0
!dim 999
!dimension x
!dimension -1
!model
!model x
"""


def _lines(who: str, text: str) -> list[str]:
    """Return the lines as somebody types them."""
    return [f"{who}> {line}" for line in text.strip().split("\n")]


LINES = (
    *("!rate Alien 5", "!ratings", "recommend 3", "5", "what now?", "you> "),
    *_lines("alice", _ALICE),
    *_lines("alice", FINDING),
    *_lines("alice", TASTE),
    *_lines("bob", _BOB),
    *_lines("alice", _GROUP_ALICE),
    *_VOTING.strip().split("\n"),
    *_lines("alice", _WATCHLIST),
    *_lines("carol", _DATA),
    *_AFTER.strip().split("\n"),
    *_lines("dave", _MODEL),
    *(f"dave> !help {topic}" for topic in TOPICS),
)
