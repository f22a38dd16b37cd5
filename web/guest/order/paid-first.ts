import { signal } from '@preact/signals';

/** Whether the order on the screen, which had to be paid before anybody cooks it, is paid; until that is known it is not. */
export const isPaidFirst = signal(false);
