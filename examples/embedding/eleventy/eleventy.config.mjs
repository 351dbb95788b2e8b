export default function (config) {
  config.addPassthroughCopy({ "_includes/citeman.css": "citeman.css" });
  return { dir: { input: ".", includes: "_includes", output: "_site" }, markdownTemplateEngine: "njk" };
}
