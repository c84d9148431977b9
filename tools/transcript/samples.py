"""Files that people import."""

LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2020-01-02,Alien,1979,https://boxd.it/2awY,5
2020-01-03,Aliens,1986,https://boxd.it/2awZ,4.5
2020-02-04,The Matrix,1999,https://boxd.it/2a1m,4
2020-02-05,Up,2009,https://boxd.it/1TQm,3
2020-03-06,A Film That Nobody Ever Made,1999,https://boxd.it/zzzz,3
2020-03-07,The Notebook,2004,https://boxd.it/2bbb,seven
"""
NO_RATINGS = "This is a letter, not a list of films.\n"
FILES = {
    "letterboxd.csv": LETTERBOXD.encode(),
    "letter.txt": NO_RATINGS.encode(),
    "broken.zip": b"PK no archive",
}
