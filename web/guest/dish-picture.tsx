import { useState } from 'preact/hooks';
import type { ItemView } from '../../src/contract/menu.ts';
import { drawingFor } from './dish-drawings.ts';

/** How many colours `dishes.css` has for categories; further ones begin anew. */
const TINTS = 8;

/**
 * The dish's photo. Without one, or when it doesn't arrive, a drawing of what kind of dish it is on the colour of its
 * category: most small restaurants have no photos, and a grey box makes nobody hungry.
 */
export function DishPicture({ item, hue, large }: { item: ItemView; hue: number; large?: boolean }) {
  const [failed, setFailed] = useState(false);
  return (
    <span class={`picture tint-${hue % TINTS} ${large ? 'large' : ''}`} aria-hidden="true">
      {item.photo && !failed ? (
        <img
          src={item.photo}
          alt=""
          loading={large ? 'eager' : 'lazy'}
          decoding="async"
          onError={() => setFailed(true)}
        />
      ) : (
        <svg viewBox="0 0 48 48" aria-hidden="true">
          {drawingFor(item.name).map(([kind, path]) => (
            <path key={path} class={kind} d={path} />
          ))}
        </svg>
      )}
    </span>
  );
}
