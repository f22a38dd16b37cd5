import Type from 'typebox';
import { CouponList, CouponRequest, CouponView } from '../../contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { invalidField, Problem } from '../../platform/http/problem.ts';
import type { KeyOf } from '../../platform/http/request/idempotency-key.ts';
import { idIn, KeyHeader, StoreParams } from '../../platform/http/request/params.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { StoreDirectory } from '../ports.ts';
import { addCoupon, endCoupon, findCoupon, listCoupons, normalCode } from './coupons.ts';

export interface CouponRoutesDeps {
  readonly db: Queryable;
  readonly stores: StoreDirectory;
  readonly now: Clock;
  readonly keyOf: KeyOf;
}

/** What can be read aloud, in any alphabet. */
const CODE = /^[\p{L}\p{N}][\p{L}\p{N}-]{2,39}$/u;

export function couponRoutes(http: HttpServer, { db, stores, now, keyOf }: CouponRoutesDeps): void {
  http.get(
    '/api/v1/stores/:store/coupons',
    { schema: { summary: 'The latest coupons', tags: ['bills'], params: StoreParams, response: { 200: CouponList } } },
    async (request) => {
      const store = await stores.find(request.params.store);
      return { items: await listCoupons(db, store.id), next: null };
    },
  );

  http.post(
    '/api/v1/stores/:store/coupons',
    {
      schema: {
        summary: 'Makes a coupon: percent or an amount, so many uses, from when until when',
        tags: ['bills'],
        params: StoreParams,
        headers: KeyHeader,
        body: CouponRequest,
        response: { 200: CouponView, 201: CouponView },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const id = keyOf(request);
      const { percent, amount, code, validFrom, validTo } = request.body;
      if ((percent === undefined) === (amount === undefined)) {
        throw invalidField('percent', 'or amount, and not both, says what it takes off', 'one of percent and amount');
      }
      if (!CODE.test(normalCode(code))) throw invalidField('code', 'is no code', 'letters, numbers and dashes');
      if (Date.parse(validTo) <= Date.parse(validFrom ?? new Date(now()).toISOString())) {
        throw invalidField('validTo', 'is not later than it begins', 'a later time');
      }
      const isNew = await addCoupon(db, store.id, id, request.body, now());
      const coupon = await findCoupon(db, store.id, id);
      if (!coupon) throw invalidField('code', 'is taken', 'a code that no other coupon of the store has');
      if (coupon.code !== normalCode(code)) {
        throw new Problem('key-reused', { detail: 'This Idempotency-Key belongs to another coupon.' });
      }
      reply.code(isNew ? 201 : 200);
      return coupon;
    },
  );

  http.delete(
    '/api/v1/stores/:store/coupons/:coupon',
    {
      schema: {
        summary: 'Ends a coupon',
        tags: ['bills'],
        params: Type.Object({ store: Type.String(), coupon: Type.String() }),
        response: { 200: CouponView },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const id = idIn(request.params.coupon, noSuchCoupon);
      if (!(await endCoupon(db, store.id, id, now()))) throw noSuchCoupon();
      return (await findCoupon(db, store.id, id))!;
    },
  );
}

const noSuchCoupon = (): Problem => new Problem('not-found', { detail: 'There is no such coupon.' });
