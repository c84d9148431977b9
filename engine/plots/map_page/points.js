// The films as points: stamps of each colour and size, drawn once and then copied.

const LEAST_RADIUS = 0.8; // CSS pixels
const USUAL = 760;
const STEP = 0.5; // device pixels between the radii that have a stamp

class Points {
  constructor(films, colours) {
    this.films = films;
    this.colours = colours;
    this.fame = Float32Array.from(films.count, (count) => Math.log10(1 + count) ** 2 / 20);
    this.stamps = new Map();
  }

  /** Radius of a film's point in CSS pixels; points grow more slowly than the map does. */
  radius(film, camera) {
    return (LEAST_RADIUS + 2 * this.fame[film]) * growth(camera);
  }

  /** Draw all films, or those of one group, most rated last; the context is in device pixels. */
  draw(context, camera, ratio, only) {
    const { x, y, group } = this.films;
    const [scaleX, scaleY] = [camera.scaleX * ratio, camera.scaleY * ratio];
    const [left, top] = [camera.left * ratio, camera.top * ratio];
    const [width, height] = [camera.width * ratio, camera.height * ratio];
    const steps = (ratio / STEP) * growth(camera);
    for (let film = x.length - 1; film >= 0; film--) {
      if (only !== null && group[film] !== only) continue;
      const stamp = this.stamp(group[film], Math.round((LEAST_RADIUS + 2 * this.fame[film]) * steps));
      const px = Math.round(left + x[film] * scaleX) - stamp.half;
      const py = Math.round(top + y[film] * scaleY) - stamp.half;
      if (px > -stamp.size && py > -stamp.size && px < width && py < height) {
        context.drawImage(stamp.image, px, py);
      }
    }
  }

  stamp(group, steps) {
    const key = group * 4096 + steps;
    let stamp = this.stamps.get(key);
    if (!stamp) {
      stamp = disc(this.colours[group], Math.max(steps * STEP, STEP));
      this.stamps.set(key, stamp);
    }
    return stamp;
  }
}

/** How much larger points are drawn than those of a map of USUAL pixels a side, all of it in sight. */
function growth(camera) {
  const side = Math.sqrt(camera.baseX * camera.baseY);
  return clamp(Math.sqrt(side / USUAL), 0.7, 1.4) * camera.zoom ** 0.35;
}

function disc(colour, radius) {
  const half = Math.ceil(radius) + 1;
  const { image, context } = blankImage(2 * half);
  context.globalAlpha = 0.6;
  context.fillStyle = colour;
  context.beginPath();
  context.arc(half, half, radius, 0, 2 * Math.PI);
  context.fill();
  return { image, half, size: 2 * half };
}

function blankImage(size) {
  const image = document.createElement("canvas");
  image.width = image.height = size;
  return { image, context: image.getContext("2d") };
}
