import QRCode from 'qrcode';

/** Read from two metres by a phone that shakes: a code that survives the loss of a quarter of itself. */
const CORRECTION = 'Q';
/** White on each side; fewer modules and some phones find no code. */
const QUIET = 4;

/** A QR code as one path, so that it is sharp at every size. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: CORRECTION });
  const side = modules.size + 2 * QUIET;
  const path = Array.from(modules.data)
    .flatMap((dark, index) =>
      dark ? [`M${QUIET + (index % modules.size)} ${QUIET + Math.floor(index / modules.size)}h1v1h-1z`] : [],
    )
    .join('');
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
