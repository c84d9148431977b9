// The card of a film: beside the pointer while it is over the film, or held until it is closed.

class Card {
  constructor(element, films, ratings) {
    Object.assign(this, { element, films, ratings, film: null, held: false });
  }

  show(film, held) {
    if (film === this.film && held === this.held) return;
    Object.assign(this, { film, held });
    const { films, element } = this;
    element.hidden = film === null;
    element.classList.toggle("held", held);
    if (film === null) return;
    const lines = [
      part("strong", titleOf(films, film)),
      part("small", genresOf(films, film).join(" · ") || "no genre known"),
      part("small", ratingsInWords(films.count[film])),
    ];
    const stars = this.ratings.of.get(film);
    if (stars !== undefined) lines.push(part("span", `You: ${starsInSigns(stars)}`));
    const page = imdbPage(films, film);
    if (held && page) lines.push(link(page, "See it at IMDb"));
    element.replaceChildren(...lines);
  }

  /** Stand beside the film, on the side where there is room. */
  follow(camera) {
    if (this.film === null) return;
    const [x, y] = camera.toScreen(this.films.x[this.film], this.films.y[this.film]);
    const [width, height] = [this.element.offsetWidth, this.element.offsetHeight];
    const left = x + 16 + width < camera.width ? x + 16 : x - 16 - width;
    const top = clamp(y + 12, 6, camera.height - height - 6);
    const out = x < 0 || y < 0 || x > camera.width || y > camera.height;
    this.element.style.visibility = out ? "hidden" : "visible";
    const kept = clamp(left, 6, Math.max(camera.width - width - 6, 6));
    this.element.style.transform = `translate(${Math.round(kept)}px, ${Math.round(top)}px)`;
  }

  /** The card in one line, for those who hear it. */
  inWords() {
    const { films, film } = this;
    const stars = this.ratings.of.get(film);
    const yours = stars === undefined ? "" : `, you gave it ${stars}`;
    const genres = genresOf(films, film).join(", ");
    return `${titleOf(films, film)}: ${genres}, ${ratingsInWords(films.count[film])}${yours}`;
  }
}

function part(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function link(href, text) {
  const element = part("a", text);
  Object.assign(element, { href, target: "_blank", rel: "noopener noreferrer" });
  return element;
}
