// The films as parallel columns, most rated first, unpacked from the page's data.
// Places are in the map's square: 0..1 either way, y downwards.

const WHOLE = 65535; // what stands for 1 in packed places

function unpackFilms(packed) {
  const columns = {
    count: new Uint32Array(bytesOf(packed.count)),
    genres: new Uint32Array(bytesOf(packed.genres)), // a bit for each of genreNames
    group: new Uint8Array(bytesOf(packed.group)),
    imdb: new Uint32Array(bytesOf(packed.imdb)),
    year: new Uint16Array(bytesOf(packed.year)), // 0: not known
    x: Float32Array.from(new Uint16Array(bytesOf(packed.x)), (x) => x / WHOLE),
    y: Float32Array.from(new Uint16Array(bytesOf(packed.y)), (y) => y / WHOLE),
  };
  return { ...columns, name: packed.name, aliases: packed.aliases, genreNames: packed.genreNames };
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer;
}

function titleOf(films, film) {
  return films.year[film] ? `${films.name[film]} (${films.year[film]})` : films.name[film];
}

function genresOf(films, film) {
  return films.genreNames.filter((_, bit) => films.genres[film] & (1 << bit));
}

function imdbPage(films, film) {
  const id = films.imdb[film];
  return id ? `https://www.imdb.com/title/tt${String(id).padStart(7, "0")}/` : null;
}

/** "1 rating", "46,572 ratings" */
function ratingsInWords(count) {
  return `${count.toLocaleString("en")} rating${count === 1 ? "" : "s"}`;
}

/** 4.5 as "★★★★½" */
function starsInSigns(stars) {
  return "★".repeat(Math.floor(stars)) + (stars % 1 ? "½" : "");
}
