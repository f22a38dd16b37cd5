import fc from 'fast-check';
import type { Json } from '../values.ts';

/** Of the class mass assignment. */
export const UNASKED: fc.Arbitrary<Readonly<Record<string, Json>>> = fc.constantFrom<Readonly<Record<string, Json>>>(
  { price: 0 },
  { total: 0 },
  { unitPrice: 1 },
  { status: 'served' },
  { storeId: '00000000-0000-7000-8000-000000000000' },
  { store_id: 'x' },
  { id: '00000000-0000-7000-8000-000000000000' },
  { role: 'owner' },
  { roles: [{ role: 'owner' }] },
  { everywhere: 'owner' },
  { isAdmin: true, admin: true },
  { number: 1 },
  { paid: 1_000_000 },
  { due: 0 },
  { currency: 'XTS' },
  { token: 'x' },
  { placedAt: '2020-01-01T00:00:00Z' },
  { discount: 100 },
  { remaining: 1_000_000 },
  { secret: 'x' },
  { by: 'somebody else' },
  { actor: { role: 'owner', name: 'boss' } },
);
