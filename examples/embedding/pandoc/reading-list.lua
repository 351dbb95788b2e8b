-- Put citeman's fragments where the page says `::: {.reading-list of="guide/anchor"}`.
-- pandoc guide.md --lua-filter reading-list.lua --metadata fragments=fragments --css fragments/citeman.css --standalone
local folder = "fragments"

local function read_folder(meta)
  if meta.fragments then folder = pandoc.utils.stringify(meta.fragments) end
end

local function put_list(div)
  local name = div.attributes.of
  if not div.classes:includes("reading-list") or not name then return nil end
  local file = io.open(folder .. "/" .. name .. ".html", "rb")
  if not file then error("no reading list " .. name .. " in " .. folder .. "; run `citeman build --fragment`") end
  local html = file:read("a")
  file:close()
  return pandoc.RawBlock("html", html)
end

return { { Meta = read_folder }, { Div = put_list } }
