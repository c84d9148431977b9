// The camera: which part of the map's square fills the canvas. Lengths on the canvas are CSS pixels.

const MOST_ZOOM = 60;
const EDGE = 26; // pixels left free around the whole map
const MOST_STRETCH = 1.5; // of one axis against the other, to fill the canvas
const GLIDE_CURVE = 2; // ρ² of van Wijk & Nuij

class Camera {
  constructor() {
    Object.assign(this, { x: 0.5, y: 0.5, zoom: 1, width: 1, height: 1, baseX: 1, baseY: 1 });
  }

  resize(width, height) {
    const freeX = Math.max(width - 2 * EDGE, 1);
    const freeY = Math.max(height - 2 * EDGE, 1);
    Object.assign(this, { width, height });
    this.baseX = Math.min(freeX, freeY * MOST_STRETCH);
    this.baseY = Math.min(freeY, freeX * MOST_STRETCH);
  }

  /** Pixels to the unit of the map. */
  get scaleX() { return this.baseX * this.zoom; }
  get scaleY() { return this.baseY * this.zoom; }

  /** Where the map's corner 0, 0 is on the canvas. */
  get left() { return this.width / 2 - this.x * this.scaleX; }
  get top() { return this.height / 2 - this.y * this.scaleY; }

  toScreen(x, y) {
    return [this.left + x * this.scaleX, this.top + y * this.scaleY];
  }

  look(x, y, zoom) {
    this.zoom = clamp(zoom, 1, MOST_ZOOM);
    const reach = Math.min(0.5, 0.2 * this.zoom); // the whole map cannot be pushed out of sight
    this.x = clamp(x, 0.5 - reach, 0.5 + reach);
    this.y = clamp(y, 0.5 - reach, 0.5 + reach);
  }

  panBy(dx, dy) {
    this.look(this.x - dx / this.scaleX, this.y - dy / this.scaleY, this.zoom);
  }

  /** Zoom so that what is under a pixel stays there. */
  zoomAbout(px, py, factor) {
    const zoom = clamp(this.zoom * factor, 1, MOST_ZOOM);
    const kept = 1 / this.zoom - 1 / zoom;
    const dx = ((px - this.width / 2) / this.baseX) * kept;
    const dy = ((py - this.height / 2) / this.baseY) * kept;
    this.look(this.x + dx, this.y + dy, zoom);
  }
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/** The smooth way between two views {x, y, zoom} that backs off as far as the distance asks for.
 *
 *  Van Wijk & Nuij, Smooth and efficient zooming and panning (2003). `at(t)` for t in 0..1 is the
 *  view; `length` is how long the way feels, about 1 for the next screen. */
function glide(from, to) {
  const [wide, narrow] = [1 / from.zoom, 1 / to.zoom];
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const way = Math.hypot(dx, dy);
  const rho = Math.sqrt(GLIDE_CURVE);
  if (way < 1e-6) {
    const length = Math.log(narrow / wide) / rho;
    const at = (t) => ({ ...to, zoom: 1 / (wide * Math.exp(rho * t * length)) });
    return { at, length: Math.abs(length) };
  }
  const grown = GLIDE_CURVE ** 2 * way ** 2;
  const start = -Math.asinh((narrow ** 2 - wide ** 2 + grown) / (2 * wide * GLIDE_CURVE * way));
  const end = -Math.asinh((narrow ** 2 - wide ** 2 - grown) / (2 * narrow * GLIDE_CURVE * way));
  const length = (end - start) / rho;
  const at = (t) => {
    const s = rho * t * length + start;
    const gone = (Math.cosh(start) * Math.tanh(s) - Math.sinh(start)) * wide;
    const share = gone / (GLIDE_CURVE * way);
    const zoom = Math.cosh(s) / (wide * Math.cosh(start));
    return { x: from.x + share * dx, y: from.y + share * dy, zoom };
  };
  return { at, length };
}
