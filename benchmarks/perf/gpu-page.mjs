export function writeGpuPage() {}
