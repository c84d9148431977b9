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

/** For each film the folded forms of its name and of its other names. */
function searchKeys(films) {
  return films.name.map((name, film) => [name, ...(films.aliases[film] ?? [])].map(fold));
}

/** The films that a query may mean, best first: by how well a name fits, then by their fame. */
function findFilms(films, keys, query, most) {
  const typed = fold(query);
  if (!typed) return [];
  const asTitle = ranked(keys, typed, () => true);
  const dated = LAST_YEAR.exec(typed);
  const ofYear = dated
    ? ranked(keys, dated[1], (film) => films.year[film] === Number(dated[2]))
    : [];
  return [...new Set([...ofYear, ...asTitle])].slice(0, most);
}

function ranked(keys, typed, admits) {
  const tiers = [[], [], [], [], []];
  const asked = { typed, bare: withoutArticle(typed), words: typed.split(" ") };
  for (let film = 0; film < keys.length; film++) {
    if (!admits(film)) continue;
    const tier = Math.min(...keys[film].map((key) => fit(key, asked)));
    if (tier < tiers.length) tiers[tier].push(film); // most rated first, as the films are
  }
  return tiers.flat();
}

/** How a folded name fits: 0 wholly, 1 but for its article, 2 begins so, 3 a later word does, 4 its
 *  words begin with those typed in any order, Infinity not at all. */
function fit(key, { typed, bare, words }) {
  if (key === typed) return 0;
  const bareKey = withoutArticle(key);
  if (bareKey === bare) return 1;
  if (key.startsWith(typed) || bareKey.startsWith(bare)) return 2;
  const padded = ` ${key}`;
  if (padded.includes(` ${bare}`)) return 3;
  return words.every((word) => padded.includes(` ${word}`)) ? 4 : Infinity;
}
