"""What is typed in the terminal to find films and to see one's taste."""

FINDING = """
!recommend
3
4.5
!recommend comedy since 2000 gems
!recommend 20 horror 1990s
!recommend 5
!recommend 3 page 2
!recommend comedy, drama 1994
!recommend before 1980
!recommend science fiction 80s
!recommend 1990-1999
!recommend 1999-1990
!recommend 0
!recommend 1000
!recommend 3.5
!recommend page 0
!recommend hidden gems documentary
!recommend musical western 1900
!recommend purple
!recommend me some good films please
!rec 3
!recs 3 thriller
!predict
!predict Blade Runner
!predict Alien
!predict toy stroy
!predict Qwertzuiop
!predict id:1214
!predict id:999999999
!film King Kong
1
!card The Thing (1982)
!why
!why Blade Runner
!why Alien
!why Qwertzuiop
!similar
!similar Toy Story (1995)
!similar the thing 1982
!like Alien
!similar Qwertzuiop
!opposite Toy Story (1995)
!dissimilar Alien
!opposite
2
"""
TASTE = """
!taste
!taste now
!fit
!fit page 2
!fit page 99
!fit x
!map
!map Alien (1979)
!map html
!map html Alien
!map Qwertzuiop
!map @bob
!twin
!twins
!twin 3
"""
