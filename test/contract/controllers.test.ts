/** The contract suite of controllers, run over every implementation. */
import { selfOptimisingMargin } from '../../src/protocol/governance/self-optimising-margin.ts';
import { paramsSchema } from '../../src/scenario/param-schema.ts';
import { controllerContract } from './controller.ts';

type Terms = Parameters<typeof selfOptimisingMargin.create>[0];

/** All defaults, as a scenario would fill them in. */
const DEFAULTS = paramsSchema(selfOptimisingMargin.params).parse({}) as unknown as Terms;
const HOURLY = { ...DEFAULTS, epoch: 3_600_000, deadband: 0 };

controllerContract('risk-manager', (needs) => selfOptimisingMargin.create(HOURLY, needs));
controllerContract('risk-manager, realised volatility, no deadband to its bounds', (needs) =>
  selfOptimisingMargin.create(
    { ...HOURLY, estimator: 'realised', window: 3, thresholdMin: 0.01, maintenanceMax: 0.99, budget: 1e-6 },
    needs,
  ),
);
