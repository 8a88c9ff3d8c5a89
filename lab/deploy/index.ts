/** From a CDKTF program to resources in the lab's cloud: synth, and Terraform with everything it needs around it. */

export { whileAlone } from './alone';
export { inLab, labEnvironment, progressFile } from './environment';
export { findMirror, mirrorDataDir } from './mirror';
export { outputDir } from './output-folder';
export { withProgress } from './progress';
export { findProgram, nearestProgram, type Program, type Stack, synthesise } from './synth';
export {
  mirrorFor,
  requireTerraform,
  type StateResource,
  terraformApply,
  terraformInit,
  terraformOutputs,
  terraformPlan,
  terraformResources,
} from './terraform';
export type { ApplyResult } from './terraform-log';
