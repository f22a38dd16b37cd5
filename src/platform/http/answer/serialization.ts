import SerializerSelector from '@fastify/fast-json-stringify-compiler';
import type { FastifySerializerCompiler } from 'fastify';

/**
 * Writes answers as Fastify does by itself, but a schema is compiled for the first answer that needs it: there are some hundred
 * routes with five kinds of answers each, most of which a process never gives, and compiling all held up each start by half a second.
 */
export function createSerializerCompiler(): FastifySerializerCompiler<unknown> {
  const compile = SerializerSelector()({}, {});
  return (route) => {
    let serialize: SerializerSelector.Serializer | undefined;
    return (data) => {
      serialize ??= compile(route as SerializerSelector.RouteDefinition);
      return serialize(data);
    };
  };
}
