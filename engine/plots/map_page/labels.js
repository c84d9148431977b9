// Names on the map: of the regions while they are in sight as a whole, then titles, the most rated
// films' first; as many as find room without touching.

const FONT = '12.5px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const REGION_FONT = FONT.replace("12.5px", "700 11px");
const TALL = 15; // pixels of a line
const DESCENT = 3; // of these below the foot of the letters
const HALO = 1.5; // pixels of the ground around letters
const REGIONS_UNTIL = 5; // zoom
const MOST_FELT = 8; // of the rated films that get room before all others, times the zoom
const APART = { x: 22, y: 15 }; // pixels between labels
const LONGEST = 30; // characters
const BESIDE = 160; // pixels outside the canvas where labels are placed too, so that none jump
const LANDMARKS = 800; // the most rated films, which alone have labels where zoom is 1
const MOST_STAMPS = 1000;
const FADE = 180; // milliseconds

class Labels {
  constructor(films, points, ratings, regions, theme) {
    Object.assign(this, { films, points, ratings, regions, theme });
    this.widths = new Map();
    this.stamps = new Map();
    this.shades = new Map(); // how far in 0..1 each label has appeared, by key
    this.last = 0;
  }

  /** What to write where: {key, text, x, y, box}, y being the line's foot; no two touch.
   *
   *  The key tells a label from picture to picture: a film's number, or a region's name. */
  place(context, camera, only, chosen) {
    const placed = [];
    const taken = []; // boxes that no other label may touch
    const written = new Set();
    const write = (label) => {
      placed.push(label);
      taken.push(grown(label.box));
      written.add(label.key);
    };
    const writeWhereFree = (labels) => {
      for (const label of labels) {
        const free = !written.has(label.key) && !taken.some((box) => overlaps(box, label.box));
        if (free) write(label);
      }
    };
    if (this.ratings.you) {
      const [x, y] = camera.toScreen(...this.ratings.you.place);
      taken.push({ x0: x - RING, x1: x + RING, y0: y - RING, y1: y + RING });
      write(this.label(context, camera, "You", "You", x, y - RING - 4, FONT));
    }
    if (chosen !== null) write(this.filmLabel(context, chosen, camera));
    const felt = this.ratings.strongest.slice(0, Math.ceil(MOST_FELT * camera.zoom));
    writeWhereFree(this.filmLabels(context, camera, felt));
    writeWhereFree(this.regionLabels(context, camera, only));
    writeWhereFree(this.filmLabels(context, camera, this.inSight(camera, only)));
    return placed;
  }

  *regionLabels(context, camera, only) {
    if (camera.zoom > REGIONS_UNTIL || only !== null) return;
    for (const [name, mapX, mapY] of this.regions) {
      const [x, y] = camera.toScreen(mapX, mapY);
      yield this.label(context, camera, name, name.toUpperCase(), x, y + TALL / 2, REGION_FONT);
    }
  }

  *filmLabels(context, camera, films) {
    for (const film of films) yield this.filmLabel(context, film, camera);
  }

  /** The films in sight or little outside it that are known enough for the zoom, best known first. */
  *inSight(camera, only) {
    const { x, y, group } = this.films;
    const halfX = (camera.width / 2 + BESIDE) / camera.scaleX;
    const halfY = (camera.height / 2 + BESIDE) / camera.scaleY;
    const known = only === null ? LANDMARKS * camera.zoom ** 2 : Infinity;
    for (let film = 0; film < x.length && film < known; film++) {
      if (only !== null && group[film] !== only) continue;
      if (Math.abs(x[film] - camera.x) > halfX || Math.abs(y[film] - camera.y) > halfY) continue;
      yield film;
    }
  }

  filmLabel(context, film, camera) {
    const [x, y] = camera.toScreen(this.films.x[film], this.films.y[film]);
    const rated = this.ratings.of.has(film);
    const radius = rated ? this.ratings.size : this.points.radius(film, camera);
    const text = shortTitle(this.films.name[film]);
    return this.label(context, camera, film, text, x, y - radius - 4, FONT);
  }

  label(context, camera, key, text, x, y, font) {
    if (!this.widths.has(key)) {
      context.font = font;
      this.widths.set(key, context.measureText(text).width);
    }
    const half = this.widths.get(key) / 2;
    const inside = x >= 0 && x <= camera.width; // what it names is in sight: then all of it as well
    const at = inside ? clamp(x, half + 4, Math.max(camera.width - half - 4, half + 4)) : x;
    return { key, text, x: at, y, font, box: { x0: at - half, x1: at + half, y0: y - TALL, y1: y } };
  }

  /** Write what is in sight; returns whether some labels are still appearing. */
  draw(context, camera, ratio, placed, now, chosen, motion) {
    const step = motion ? Math.min((now - this.last) / FADE, 0.5) : 1;
    this.last = now;
    const shades = new Map();
    let appearing = false;
    for (const label of placed) {
      const shade = Math.min((this.shades.get(label.key) ?? 0) + step, 1);
      shades.set(label.key, shade);
      if (!overlaps(label.box, { x0: 0, y0: 0, x1: camera.width, y1: camera.height })) continue;
      appearing ||= shade < 1;
      context.globalAlpha = label.font === REGION_FONT ? shade * 0.8 : shade;
      const accented = label.key === "You" || label.key === chosen;
      const { image, width, height } = this.stamp(label, accented, ratio);
      const left = Math.round((label.x - width / 2) * ratio) / ratio;
      const top = Math.round((label.y - height + HALO) * ratio) / ratio;
      context.drawImage(image, left, top, width, height);
    }
    context.globalAlpha = 1;
    this.shades = shades;
    return appearing;
  }

  /** A label written once with its halo, to be copied: writing takes long. */
  stamp({ key, text, font, box }, accented, ratio) {
    const name = `${accented} ${ratio} ${key}`;
    if (!this.stamps.has(name)) {
      if (this.stamps.size >= MOST_STAMPS) this.stamps.clear();
      const [width, height] = [Math.ceil(box.x1 - box.x0) + 2 * HALO, TALL + 2 * HALO];
      const image = document.createElement("canvas");
      Object.assign(image, { width: Math.ceil(width * ratio), height: Math.ceil(height * ratio) });
      const context = image.getContext("2d");
      context.scale(ratio, ratio);
      Object.assign(context, { font, textAlign: "center", lineJoin: "round", lineWidth: 2 * HALO });
      context.strokeStyle = this.theme.ground;
      context.fillStyle = accented ? this.theme.accent : this.theme.ink;
      context.strokeText(text, width / 2, height - HALO - DESCENT);
      context.fillText(text, width / 2, height - HALO - DESCENT);
      this.stamps.set(name, { image, width, height });
    }
    return this.stamps.get(name);
  }
}

function overlaps(a, b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

function grown({ x0, x1, y0, y1 }) {
  return { x0: x0 - APART.x, x1: x1 + APART.x, y0: y0 - APART.y, y1: y1 + APART.y };
}

/** A long title without what follows its colon, and cut where it is long still. */
function shortTitle(name) {
  const short = name.length > LONGEST ? name.split(": ")[0] : name;
  return short.length > LONGEST ? `${short.slice(0, LONGEST - 1).trimEnd()}…` : short;
}
