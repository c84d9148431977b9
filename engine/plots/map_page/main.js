// The page: what is where, and one picture for every change.

const CLOSE = 14; // the zoom at which a film is shown that was asked for
const STRIDE = 90; // pixels that an arrow key moves
const PAUSE = 120; // milliseconds without a change after which stretched points are drawn anew
const MOST_RATIO = 2; // device pixels to the CSS pixel that are drawn

class Atlas {
  constructor(data) {
    const element = (id) => document.getElementById(id);
    const theme = getComputedStyle(document.documentElement);
    this.theme = Object.fromEntries(
      ["ground", "ink", "accent"].map((name) => [name, theme.getPropertyValue(`--${name}`).trim()]),
    );
    this.films = unpackFilms(data.films);
    this.colours = data.groups.map((group) => group.colour);
    this.ratings = new Ratings(data.rated, data.you, data.liking, this.theme);
    this.points = new Points(this.films, this.colours);
    this.layer = new PointLayer(this.points, this.theme.ground);
    this.labels = new Labels(this.films, this.points, this.ratings, data.regions, this.theme);
    this.card = new Card(element("card"), this.films, this.ratings);
    this.camera = new Camera();
    this.canvas = element("map");
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.said = element("said");
    this.only = null; // the group that alone is shown
    this.way = null; // the glide under way: {glide, begun, lasts}
    this.awaited = false; // whether a picture is on its way
    this.sharpening = 0; // the timer after which points that were stretched are drawn anew
    this.drawn = []; // the labels of the last picture
  }

  get chosen() {
    return this.card.held ? this.card.film : null;
  }

  get motion() {
    return !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  redraw() {
    if (this.awaited) return;
    this.awaited = true;
    requestAnimationFrame((now) => {
      this.awaited = false;
      this.travel(now);
      this.draw(now);
    });
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.ratio = Math.min(window.devicePixelRatio || 1, MOST_RATIO);
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    this.camera.resize(width, height);
    this.redraw();
  }

  draw(now) {
    const { context, camera, canvas } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.theme.ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const sharp = this.layer.paint(context, camera, this.ratio, this.only);
    clearTimeout(this.sharpening);
    if (!sharp) this.sharpening = setTimeout(() => this.sharpen(), PAUSE);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.ratings.shade(context, camera);
    this.ratings.draw(context, this.films, camera);
    if (this.card.film !== null) this.encircle(this.card.film);
    this.drawn = this.labels.place(context, camera, this.only, this.chosen);
    if (this.labels.draw(context, camera, this.ratio, this.drawn, now, this.chosen, this.motion)) {
      this.redraw();
    }
    this.card.follow(camera);
  }

  sharpen() {
    this.layer.forget();
    this.redraw();
  }

  encircle(film) {
    const [x, y] = this.camera.toScreen(this.films.x[film], this.films.y[film]);
    this.context.strokeStyle = this.theme.accent;
    this.context.lineWidth = 2;
    this.context.beginPath();
    this.context.arc(x, y, this.radius(film) + 3, 0, 2 * Math.PI);
    this.context.stroke();
  }

  radius(film) {
    return this.ratings.of.has(film) ? this.ratings.size : this.points.radius(film, this.camera);
  }

  /** The film whose point is nearest to a pixel and no further than `reach`, or null. */
  filmAt(px, py, reach) {
    const { x, y, group } = this.films;
    const { left, top, scaleX, scaleY } = this.camera;
    let [best, least] = [null, reach];
    for (let film = 0; film < x.length; film++) {
      const dx = left + x[film] * scaleX - px;
      if (dx > 60 || dx < -60) continue;
      if (this.only !== null && group[film] !== this.only && !this.ratings.of.has(film)) continue;
      const gap = Math.hypot(dx, top + y[film] * scaleY - py) - this.radius(film);
      if (gap < least) [best, least] = [film, gap];
    }
    return best;
  }

  hover(px, py, reach) {
    const film = this.filmAt(px, py, reach);
    this.canvas.classList.toggle("on-film", film !== null);
    if (this.card.held || film === this.card.film) return;
    this.card.show(film, false);
    this.redraw();
  }

  hold(film) {
    this.card.show(film, film !== null);
    if (film !== null) this.said.textContent = this.card.inWords();
    this.redraw();
  }

  flyTo(x, y, zoom) {
    const to = { x, y, zoom };
    if (!this.motion) {
      this.camera.look(x, y, zoom);
    } else {
      const path = glide({ x: this.camera.x, y: this.camera.y, zoom: this.camera.zoom }, to);
      this.way = { path, begun: null, lasts: clamp(700 * path.length, 250, 1600) };
    }
    this.redraw();
  }

  travel(now) {
    if (!this.way) return;
    this.way.begun ??= now;
    const t = Math.min((now - this.way.begun) / this.way.lasts, 1);
    const { x, y, zoom } = this.way.path.at(t * t * (3 - 2 * t));
    this.camera.look(x, y, zoom);
    if (t < 1) this.redraw();
    else this.way = null;
  }

  /** Move the camera by hand, which ends any glide. */
  steer(change) {
    this.way = null;
    change(this.camera);
    this.redraw();
  }

  zoomBy(factor) {
    const { camera } = this;
    this.steer(() => camera.zoomAbout(camera.width / 2, camera.height / 2, factor));
  }

  showWhole() {
    this.flyTo(0.5, 0.5, 1);
  }

  showPlace() {
    if (this.ratings.you) this.flyTo(...this.ratings.you.place, 4);
  }

  showFilm(film) {
    if (this.only !== this.films.group[film]) this.showOnly(null);
    this.hold(film);
    this.flyTo(this.films.x[film], this.films.y[film], Math.max(CLOSE, this.camera.zoom));
  }

  showOnly(group) {
    this.only = group;
    const buttons = document.getElementById("groups");
    buttons.classList.toggle("chosen", group !== null);
    [...buttons.children].forEach((button, at) => {
      button.setAttribute("aria-pressed", String(at === group));
    });
    this.redraw();
  }
}

/** One button for each group of genres: pressed, it is shown alone. */
function addGroups(atlas, groups) {
  const buttons = groups.map(({ name, colour }, group) => {
    const button = document.createElement("button");
    const dot = part("span", "");
    dot.className = "dot";
    dot.style.background = colour;
    button.type = "button";
    button.append(dot, name);
    button.addEventListener("click", () => atlas.showOnly(atlas.only === group ? null : group));
    return button;
  });
  document.getElementById("groups").replaceChildren(...buttons);
  atlas.showOnly(null);
}

function addLiking(colours) {
  const liking = document.getElementById("liking");
  liking.hidden = false;
  liking.querySelector("i").style.background = `linear-gradient(90deg, ${colours.join(", ")})`;
}

function listenToKeys(atlas, input) {
  const about = document.getElementById("about");
  const pan = (dx, dy) => () => atlas.steer((camera) => camera.panBy(dx, dy));
  const keys = {
    ArrowLeft: pan(STRIDE, 0),
    ArrowRight: pan(-STRIDE, 0),
    ArrowUp: pan(0, STRIDE),
    ArrowDown: pan(0, -STRIDE),
    "+": () => atlas.zoomBy(1.5),
    "=": () => atlas.zoomBy(1.5),
    "-": () => atlas.zoomBy(1 / 1.5),
    0: () => atlas.showWhole(),
    y: () => atlas.showPlace(),
    "/": () => input.select(),
    "?": () => about.showModal(),
    Escape: () => atlas.hold(null),
  };
  document.addEventListener("keydown", (event) => {
    if (event.target === input || about.open) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  atlas.canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const { width, height } = atlas.camera;
    atlas.hold(atlas.filmAt(width / 2, height / 2, Math.min(width, height) / 2));
  });
  const clicks = {
    in: keys["+"], out: keys["-"], whole: keys[0], you: keys.y, help: keys["?"],
  };
  for (const [id, act] of Object.entries(clicks)) {
    document.getElementById(id).addEventListener("click", act);
  }
}

function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const atlas = new Atlas(data);
  const input = document.getElementById("query");
  addGroups(atlas, data.groups);
  if (data.rated.length) addLiking(data.liking);
  document.getElementById("you").hidden = !data.you;
  listenToHands(atlas.canvas, {
    move: (dx, dy) => atlas.steer((camera) => camera.panBy(dx, dy)),
    zoom: (x, y, factor) => atlas.steer((camera) => camera.zoomAbout(x, y, factor)),
    hover: (x, y, reach) => atlas.hover(x, y, reach),
    tap: (x, y, reach) => atlas.hold(atlas.filmAt(x, y, reach)),
    away: () => atlas.card.held || atlas.hover(-1e6, -1e6, 0),
  });
  listenToKeys(atlas, input);
  const choose = (film) => {
    atlas.canvas.focus({ preventScroll: true });
    atlas.showFilm(film);
  };
  new Finder(input, document.getElementById("found"), atlas.films, atlas.colours, choose, () =>
    atlas.canvas.focus({ preventScroll: true }),
  );
  new ResizeObserver(() => atlas.resize()).observe(atlas.canvas);
  atlas.resize();
  window.atlas = Object.assign(atlas, { fold }); // for the console, and for the tests
}

start();
