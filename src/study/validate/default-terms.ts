/** The parameters of a part as a scenario would fill them in: what is said, and for the rest the defaults. */
import type { ParamSchema, ParamsOf, Part } from '../../base/params.ts';

/** Parameters without a default that are not given are undefined. */
export function termsOf<Needs, Made, S extends ParamSchema>(part: Part<Needs, Made, S>, given: Partial<ParamsOf<S>> = {}): ParamsOf<S> {
  const defaults = Object.entries(part.params).map(([name, param]) => [name, 'default' in param ? param.default : undefined]);
  return { ...Object.fromEntries(defaults), ...given };
}
