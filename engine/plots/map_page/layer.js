// The drawn points, kept with a margin around the canvas: panning and small steps of zoom copy them
// instead of drawing 15,000 anew.

const AROUND = 200; // CSS pixels kept on each side
const MOST_SCALED = 1.2; // how far the kept picture may be stretched while the zoom changes

class PointLayer {
  constructor(points, ground) {
    Object.assign(this, { points, ground, kept: null });
    this.image = document.createElement("canvas");
    this.context = this.image.getContext("2d", { alpha: false });
  }

  /** Copy the points onto a context in device pixels; returns whether they are as sharp as can be. */
  paint(context, camera, ratio, only) {
    if (!this.serves(camera, ratio, only)) this.renew(camera, ratio, only);
    const scale = camera.zoom / this.kept.camera.zoom;
    const [left, top] = this.corner(camera).map((place) => Math.round(place * ratio));
    const { width, height } = this.image;
    context.drawImage(this.image, left, top, Math.ceil(width * scale), Math.ceil(height * scale));
    return scale === 1;
  }

  /** Where the kept picture's corner is on the canvas, in CSS pixels. */
  corner(camera) {
    const { camera: kept } = this.kept;
    const scale = camera.zoom / kept.zoom;
    return [camera.left - kept.left * scale, camera.top - kept.top * scale];
  }

  serves(camera, ratio, only) {
    const { kept } = this;
    if (!kept || kept.ratio !== ratio || kept.only !== only || kept.of !== sizeOf(camera)) return false;
    const scale = camera.zoom / kept.camera.zoom;
    if (scale > MOST_SCALED || scale < 1 / MOST_SCALED) return false;
    const [left, top] = this.corner(camera);
    const right = left + kept.camera.width * scale;
    const bottom = top + kept.camera.height * scale;
    return left <= 0 && top <= 0 && right >= camera.width && bottom >= camera.height;
  }

  renew(camera, ratio, only) {
    const wider = Object.assign(new Camera(), camera);
    wider.width += 2 * AROUND;
    wider.height += 2 * AROUND;
    this.kept = { camera: wider, ratio, only, of: sizeOf(camera) };
    const [width, height] = [Math.ceil(wider.width * ratio), Math.ceil(wider.height * ratio)];
    if (this.image.width !== width || this.image.height !== height) {
      Object.assign(this.image, { width, height });
    }
    this.context.fillStyle = this.ground;
    this.context.fillRect(0, 0, width, height);
    this.points.draw(this.context, wider, ratio, only);
  }

  forget() {
    this.kept = null;
  }
}

function sizeOf(camera) {
  return `${camera.width} × ${camera.height}`;
}
