-- What the printed note does differently: footnotes stand at the foot of their page, references once at the end,
-- and the front page comes in pieces, for the cover takes some of them (publish/note.py splits at the marks).
local page = PANDOC_WRITER_OPTIONS.identifier_prefix

local function mark(name)
  return pandoc.RawBlock("html", "<!-- piece " .. name .. " -->")
end

function Note(note)
  return pandoc.Span(pandoc.utils.blocks_to_inlines(note.content), { class = "footnote" })
end

function Div(div)
  if div.identifier == "refs" and not page:match("^references") then
    return {}
  elseif page == "index-" and div.classes:includes("tiles") then
    return { mark("tiles"), div, mark("lead") }
  end
end

function Header(header)
  if page == "index-" and header.level == 2 then
    return { mark(header.identifier), header }
  end
end
