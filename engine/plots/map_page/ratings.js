// A person on the map: stars on the films they rated, a ring where they stand, and a shade where
// they may stand as well.

const STAR = 9; // pixels from a star's centre to its points
const RING = 20; // pixels from a person's place to the outside of the ring around it
const BLUR = 0.02; // of the map, round a place where somebody may stand
const MANY = 150; // ratings from which on stars are smaller

class Ratings {
  /** `rated` are pairs of film and stars, `colours` go from bad to good; `you` has `place`, [x, y],
   *  and `possible` places, or is null for nobody. */
  constructor(rated, you, colours, theme) {
    this.of = new Map(rated);
    this.you = you;
    this.colours = colours;
    this.theme = theme;
    const feeling = ([, stars]) => Math.abs(stars - 3);
    this.strongest = [...rated].sort((a, b) => feeling(b) - feeling(a)).map(([film]) => film);
    this.size = rated.length > MANY ? STAR * 0.65 : STAR;
  }

  draw(context, films, camera) {
    context.lineJoin = "round";
    context.strokeStyle = this.theme.ground;
    for (const film of this.strongest.toReversed()) {
      const [px, py] = camera.toScreen(films.x[film], films.y[film]);
      if (px < -STAR || py < -STAR || px > camera.width + STAR || py > camera.height + STAR) continue;
      starPath(context, px, py, this.size);
      context.lineWidth = 2.5;
      context.stroke();
      context.fillStyle = likingColour(this.of.get(film), this.colours);
      context.fill();
    }
    if (this.you) drawPlace(context, camera.toScreen(...this.you.place), this.theme);
  }

  /** Shade the places where the person may stand: what their discs cover together. */
  shade(context, camera) {
    if (!this.you) return;
    const [radiusX, radiusY] = [BLUR * camera.scaleX, BLUR * camera.scaleY];
    context.beginPath();
    for (const place of this.you.possible) {
      const [px, py] = camera.toScreen(...place);
      context.moveTo(px + radiusX, py);
      context.ellipse(px, py, radiusX, radiusY, 0, 0, 2 * Math.PI);
    }
    context.globalAlpha = Math.max(0.18 / Math.sqrt(camera.zoom), 0.06);
    context.fillStyle = this.theme.accent;
    context.fill();
    context.globalAlpha = 1;
  }
}

function drawPlace(context, [px, py], theme) {
  for (const [colour, width] of [[theme.ground, 6], [theme.accent, 3]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(px, py, RING - 2, 0, 2 * Math.PI);
    context.stroke();
  }
  context.fillStyle = theme.accent;
  context.beginPath();
  context.arc(px, py, 4.5, 0, 2 * Math.PI);
  context.fill();
}

function starPath(context, x, y, size) {
  context.beginPath();
  for (let corner = 0; corner < 10; corner++) {
    const angle = (corner * Math.PI) / 5 - Math.PI / 2;
    const reach = corner % 2 ? size * 0.45 : size;
    context.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  context.closePath();
}

/** The colour of 0.5 to 5 stars, between the first, the middle and the last of three colours. */
function likingColour(stars, colours) {
  const at = ((stars - 0.5) / 4.5) * (colours.length - 1);
  const below = Math.min(Math.floor(at), colours.length - 2);
  const [from, to] = [channels(colours[below]), channels(colours[below + 1])];
  const mixed = from.map((value, i) => Math.round(value + (at - below) * (to[i] - value)));
  return `rgb(${mixed.join(" ")})`;
}

function channels(hex) {
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
}
