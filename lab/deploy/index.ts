/** From a CDKTF program to resources in the lab's cloud: synth, and Terraform with everything it needs around it. */
export { inLab, labEnvironment, outputDir, progressFile } from './environment';
export { findMirror, mirrorDataDir } from './mirror';
export { withProgress } from './progress';
export { findProgram, type Program, type Stack, synthesise } from './synth';
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
