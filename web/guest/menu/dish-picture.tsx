import type { ItemView } from '../../../src/contract/menu.ts';

/**
 * The dish's photo, at a size that is known before it comes, so that no text moves. A dish without one, or whose photo does not arrive, has no
 * picture: the same drawing at every such dish would tell nothing. The widths are those of `src/contract/photo.ts`.
 */
export function DishPicture({ item: { photo }, large }: { item: ItemView; large?: boolean }) {
  return photo ? (
    <span class={`picture ${large ? 'large' : ''}`} aria-hidden="true">
      <img
        src={photo}
        srcset={
          photo.startsWith('/photos/')
            ? `${photo}/320.webp 320w,${photo}/640.webp 640w,${photo}/1280.webp 1280w`
            : undefined
        }
        sizes={large ? '560px' : '96px'}
        alt=""
        width={large ? 560 : 96}
        height={large ? 220 : 96}
        loading="lazy"
        onError={({ currentTarget }) => {
          currentTarget.parentElement!.style.display = 'none';
        }}
      />
    </span>
  ) : null;
}
