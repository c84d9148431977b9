// Finding films by typed letters. fold() is engine.titles.fold once more: a test compares them.

const PLAIN = {
  ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", ħ: "h", ŧ: "t", ß: "ss", æ: "ae", œ: "oe", þ: "th",
};
const ODD_LETTERS = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "g");
const APOSTROPHES = /['`´‘’‚‛ʹʻʼʽˈ′＇\ufe0f]/g;
const GLUED = /[⁰¹²³⁴⁵⁶⁷⁸⁹¼½¾⅓⅔]/g; // decomposed they would join what stands before them
const INITIAL = /(?<![\p{L}\p{N}_])(\p{L})\.(?=\p{L}(?![\p{L}\p{N}_]))/gu;
const ARTICLE = /^(?:the|an?) (?=.)/;
const LAST_YEAR = /^(.+) ((?:18|19|20)\d\d)$/;

/** Small letters and digits without accents; what is nothing but signs stays as it is. */
function fold(text) {
  const folded = text
    .toLowerCase()
    .replace(INITIAL, "$1")
    .replace(APOSTROPHES, "")
    .replace(ODD_LETTERS, (letter) => PLAIN[letter])
    .replace(GLUED, " $&")
    .replaceAll("&", " and ")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{Mn}/gu, "")
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, " ")
    .trim();
  return folded || text.normalize("NFKC").toLowerCase().split(/\s+/).join(" ").trim();
}

function withoutArticle(folded) {
  return folded.replace(ARTICLE, "");
}

/** For each film its name and its other names, folded. */
function searchKeys(films) {
  return films.name.map((name, film) => [name, ...(films.aliases[film] ?? [])].map(searchKey));
}

function searchKey(text) {
  const whole = fold(text);
  return { whole, bare: withoutArticle(whole), words: whole.split(" "), joined: joined(whole) };
}

/** "alien 3" and "alien3" alike */
function joined(folded) {
  return folded.replaceAll(" ", "");
}

/** The films that a query may mean, best first: by how well a name fits, then by their fame. */
function findFilms(films, keys, query, most) {
  const typed = searchKey(query);
  if (!typed.whole) return [];
  const dated = LAST_YEAR.exec(typed.whole);
  const ofYear = dated
    ? ranked(keys, searchKey(dated[1]), (film) => films.year[film] === Number(dated[2]))
    : [];
  return [...new Set([...ofYear, ...ranked(keys, typed, () => true)])].slice(0, most);
}

function ranked(keys, typed, admits) {
  const tiers = FITS.map(() => []);
  for (let film = 0; film < keys.length; film++) {
    if (!admits(film)) continue;
    const tier = FITS.findIndex((fits) => keys[film].some((key) => fits(key, typed)));
    if (tier >= 0) tiers[tier].push(film); // most rated first, as the films are
  }
  return tiers.flat();
}

// How a name may fit what is typed, best first.
const FITS = [
  (key, typed) => key.whole === typed.whole,
  (key, typed) => key.bare === typed.bare,
  (key, typed) => key.whole.startsWith(typed.whole) || key.bare.startsWith(typed.bare),
  (key, typed) => key.joined.startsWith(typed.joined),
  (key, typed) => key.whole.includes(` ${typed.bare}`),
  (key, typed) => typed.words.every((begun) => key.words.some((word) => word.startsWith(begun))),
];
