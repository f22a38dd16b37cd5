const WIDTH = 240;
const HEIGHT = 44;

/** A line of the last minutes from 0 to its highest; where there is no value the line has a gap. */
export function Sparkline({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const top = Math.max(...values.map((value) => value ?? 0)) || 1;
  let isDrawing = false;
  const path = values
    .map((value, at) => {
      if (value === null) {
        isDrawing = false;
        return '';
      }
      const command = isDrawing ? 'L' : 'M';
      isDrawing = true;
      const x = values.length > 1 ? (at / (values.length - 1)) * WIDTH : WIDTH;
      return `${command}${x.toFixed(1)} ${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`;
    })
    .join('');
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path d={path} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
